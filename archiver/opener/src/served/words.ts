import { english, french } from "../base/plural";

/** What the page says where the program `archiver read` serves it. */
export const servedEn = {
  title: "Read dental dossiers",
  lead: "The program archiver on this computer shows these dossiers. Nothing is changed, and nothing leaves this computer; end the program (Ctrl-C) when you have finished.",
  patientsTitle: "Dossiers",
  entering: "Opening…",
  pageNote: "The page below was made from the data just now.",
  oneOf: (count: number) => `one of ${count} records of this person`,
  degraded: (count: number) => `${english(count, "entry", "entries")} did not come in as sent: archiver dossier review has the originals.`,
  gone: (count: number) => `${english(count, "record of this dossier is", "records of this dossier are")} not in the software of the practice any more (archiver dossier gone).`,
  lost: (count: number) => `${english(count, "file of this dossier is", "files of this dossier are")} lost or damaged in the store: the page below says which. Restore from a backup.`,
  codes: {
    "token-missing": "This address is not complete, or the page was closed: run archiver read again.",
    "token-wrong": "This address is not the one that the program printed, or another program answers there by now.",
    "session-taken": "Another browser, or another tab, has opened this address already. If that was not you, end the program (Ctrl-C) and run it again.",
    "server-gone": "The program has ended, or stopped answering: run archiver read again.",
  } as Record<string, string>,
};

export const servedFr: typeof servedEn = {
  title: "Lire des dossiers dentaires",
  lead: "Le programme archiver, sur cet ordinateur, montre ces dossiers. Rien n’est modifié et rien ne quitte cet ordinateur ; arrêtez le programme (Ctrl-C) quand vous avez fini.",
  patientsTitle: "Dossiers",
  entering: "Ouverture…",
  pageNote: "La page ci-dessous vient d’être faite d’après les données.",
  oneOf: (count) => `l’un des ${count} dossiers de cette personne`,
  degraded: (count) => `${french(count, "élément n’est pas entré tel qu’il a été envoyé", "éléments ne sont pas entrés tels qu’ils ont été envoyés")} : archiver dossier review a les originaux.`,
  gone: (count) => `${french(count, "élément de ce dossier n’est", "éléments de ce dossier ne sont")} plus dans le logiciel du cabinet (archiver dossier gone).`,
  lost: (count) => `${french(count, "fichier de ce dossier est perdu ou endommagé", "fichiers de ce dossier sont perdus ou endommagés")} dans la base : la page ci-dessous dit où. Restaurez depuis une sauvegarde.`,
  codes: {
    "token-missing": "Cette adresse est incomplète, ou la page a été fermée : relancez archiver read.",
    "token-wrong": "Cette adresse n’est pas celle que le programme a affichée, ou un autre programme y répond désormais.",
    "session-taken": "Un autre navigateur, ou un autre onglet, a déjà ouvert cette adresse. Si ce n’était pas vous, arrêtez le programme (Ctrl-C) et relancez-le.",
    "server-gone": "Le programme est arrêté, ou ne répond plus : relancez archiver read.",
  },
};
