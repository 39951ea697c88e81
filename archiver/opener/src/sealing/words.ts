/** The words of SLIP-39 by their first four letters, in the order of the alphabet: a word is its place, from 0. */
export const WORDS: string[] = `
acad acid acne acqu acro acti actr adap adeq adju admi ador adul adva advo afra agai agen agre aide airc airl airp ajar
alar albu alco alie aliv alph alre alto alum alwa amaz ambi amou amus anal anat ance anci ange angr anim answ ante anxi
apar aqua arca aren argu arme arti artw aspe auct augu aunt aver avia avoi awar away axis axle beam bear beav beco bedr
beha bein beli belo bene best beyo bike biol birt bish blac blan bles blim blin blue body bolt bori born both boun brac
bran brav brea brie brok brot brow buck budg buil bulb bulg bump bund burd burn busy buye cage calc came camp cany capa
capi capt carb card care carg carp carv cate caus ceil cent cera cham chan char chec chem ches chew chub cine civi clas
clay clea clie clim clin cloc clog clos clot club clus coal coas codi colu comp corn cost coun cour cove cowb crad craf
craz cred cric crim cris crit crow cruc crun crus crys cubi cult curi curl cust cyli dais dama danc dark data daug dead
deal debr debu dece deci decl deco decr deli dema dens deny depa depe depi depl desc dese desi desk dest deta dete devi
devo diag dict diet dile dimi dini dipl disa disc dise dish dism disp dist dive divo docu doma dome domi doug down drag
dram drea dres drif drin drov drug drye duck duke dura dwar dyna earl eart ease easy echo ecli ecol edge edit educ eith
elbo elde elec eleg elem elep elev elit else emai emer emis empe emph empl empt endi endl endo enem ener enfo enga enjo
enla entr enve envy epid epis equa equi eras erod esca esta esti eval even evid evil evok exac exam exce exch excl excu
exec exer exha exot expa expe expl expr exte extr eyeb faci fact fail fain fake fals fami famo fanc fang fant fata fati
favo fawn fibe fict filt fina find fing fire firm fisc fish fitn flam flas flav flea flex flip floa flor fluf focu forb
forc fore forg form fort forw foun frac frag freq fres fria frid frie fros frot froz fume fund furl fuse gala game garb
gard garl gaso gath gene geni genr genu geol gest glad glan glas glen glim goat gold grad gran gras grav gray grea grie
gril grin groc gros grou grow grum guar gues guil guit gums hair hams hand hang harv have havo hawk haza head heal hear
heat help hera herd hesi hobo holi holy home horm hosp hour huge huma humi hunt husb hush husk hybr idea iden idle imag
impa impl impr impu incl inco incr inde indi indu infa info inhe inju inma inse insi inst inte inti inva invo iris isla
isol item ivor jack jerk jewe join judi juic jump junc juni junk jury just kern keyb kidn kind kitc knif knit lade ladl
lady lair lamp lang larg lase laun laws lead leaf lear leav lect lega lege legs lend leng leve libe libr lice lift like
lila lily lips liqu list lite livi liza loan lobe loca losi loud loya luck luna lunc lung luxu lyin lyri mach maga maid
mail main make maki mama mana mand mans manu mara marc mark marv maso mate math maxi mayo mean meda medi memb memo ment
merc meri meth metr mids mild mili mine mini mira mixe mixt mobi mode modi mois mome morn mort moth moun mous move much
mule mult musc muse musi must nail nati neck nega nerv netw news nucl numb nume nylo oasi obes obje obse obta ocea ofte
olym omit oral oran orbi orde ordi orga ounc oven over owne pace paci pack paid pain paja panc pant papa pape parc park
part pate patr paym payr peac pean peas peca pena penc perc perf perm peti phan phar phot phra phys pick pict piec pile
pink pipe pist pitc plai plan plas plat play plea plot plun prac pray prea pred preg prem prep pres prev prie prim prio
pris priv priz prob proc prof prog prom pros prov prun publ puls pump puni puny pupa purc purp pyth quan quar quic quie
race raci rada rail rain rais rand rank rapi rasp reac real rebo rebu reca rece reco regr regu reje rela reme remi remo
rend repa repe repl requ resc rese resi resp resu reta retr reun reve revi rewa rhym rhyt rich riva rive robi rock roma
romp rost roun roya ruin rule rumo sack safa sala salo salt sati sato save says scan scar scat scen scho scie scou scra
scre scri scro seaf seas secr secu segm seni shad shaf sham shap shar shel sher shor shou shri side sile silv simi simp
sing sist skin skun slap slav sled slic slim slow slus smar smea smel smir smit smok smug snak snap snif soci soft sold
solu soul sour spac spar spea spec spel spen spew spid spil spin spir spit spra spri squa sque stad staf stan star stat
stay stea step stic stil stor stra stri styl subj subm suga suit sunl supe surf surp surv swea swim swin swit symb symp
synd syst tack tact tadp tale task tast taug taxi teac team teas temp tena tend tens term test text than that thea theo
ther thor thre thum thun tick tidy timb time ting tofu toge tole tota toxi trac traf trai tran tras trav trea tren tria
tric trip triu trou true trus twic twin type typi ugly ulti umbr unco unde unfa unfo unha unio univ unki unkn unus unwr
upgr upst user ushe usua vali valu vamp vani vari vega velv vent verd veri very vete vexe vict vide view vint viol vira
visi visu vita voca voic volu vote voti waln warm warn watc wavy weal weap webc welc welf west widt wild wind wine wire
wisd with wits wolf woma work wort wrap wris writ wrot year yelp yiel yoga zero
`
  .trim()
  .split(/\s+/);
