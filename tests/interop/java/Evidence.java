import java.io.File;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStampGenerator;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSData;
import org.bouncycastle.tsp.ers.ERSDataGroup;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;

/**
 * Bouncy Castle's evidence records, one verb a run.
 *
 *   check RECORD MILLISECONDS each|group FILE...      is every file, or exactly this group, in the record?
 *   present RECORD MILLISECONDS each|group FILE...    the same, without the signature of the newest time-stamp
 *   request FOLDER OID FILE...                         write FOLDER/query over a tree of the files
 *   make FOLDER OID FILE...                            read FOLDER/reply, write FOLDER/0.ers, 1.ers, ...
 *   renew-request FOLDER RECORD                        write FOLDER/query that renews the record's time-stamp
 *   renew FOLDER RECORD                                read FOLDER/reply, write FOLDER/renewed.ers
 *   rehash-request FOLDER RECORD OID each|group FILE.. write FOLDER/query that renews the record's hash tree
 *   rehash FOLDER RECORD OID each|group FILE...        read FOLDER/reply, write FOLDER/rehashed.ers
 */
public class Evidence {
    static final DigestCalculatorProvider DIGESTS = digests();
    static final BigInteger NONCE = BigInteger.valueOf(7);

    static DigestCalculatorProvider digests() {
        Security.addProvider(new BouncyCastleProvider());
        try {
            return new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
        } catch (Exception fault) {
            throw new IllegalStateException(fault);
        }
    }

    public static void main(String[] words) throws Exception {
        Path folder = Path.of(words[1]);
        switch (words[0]) {
            case "check" -> check(words, true);
            case "present" -> check(words, false);
            case "request" -> write(folder, "query", tree(words).generateTimeStampRequest(requests(), NONCE).getEncoded());
            case "make" -> make(words, folder);
            case "renew-request" ->
                write(folder, "query", record(words[2]).generateTimeStampRenewalRequest(requests(), NONCE).getEncoded());
            case "renew" -> write(folder, "renewed.ers", record(words[2]).renewTimeStamp(reply(folder)).getEncoded());
            case "rehash-request" -> write(folder, "query", record(words[2])
                .generateHashRenewalRequest(digest(words[3]), data(words, 4).get(0), requests(), NONCE).getEncoded());
            case "rehash" -> write(folder, "rehashed.ers",
                record(words[2]).renewHash(digest(words[3]), data(words, 4).get(0), reply(folder)).getEncoded());
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.out.println("done");
    }

    static void check(String[] words, boolean signed) throws Exception {
        ERSEvidenceRecord record = record(words[1]);
        Date at = new Date(Long.parseLong(words[2]));
        for (ERSData one : data(words, 3)) {
            record.validatePresent(one, at);
        }
        if (signed) {
            record.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(record.getSigningCertificate()));
        }
    }

    static void make(String[] words, Path folder) throws Exception {
        List<ERSEvidenceRecord> made =
            new ERSEvidenceRecordGenerator(DIGESTS).generate(tree(words).generateArchiveTimeStamps(reply(folder)));
        for (int number = 0; number < made.size(); number++) {
            write(folder, number + ".ers", made.get(number).getEncoded());
        }
    }

    static ERSArchiveTimeStampGenerator tree(String[] words) throws Exception {
        ERSArchiveTimeStampGenerator tree = new ERSArchiveTimeStampGenerator(digest(words[2]));
        for (String file : Arrays.copyOfRange(words, 3, words.length)) {
            tree.addData(new ERSByteData(bytes(file)));
        }
        return tree;
    }

    /** Each file for itself, or all as one group. */
    static List<ERSData> data(String[] words, int start) throws Exception {
        List<ERSData> found = new ArrayList<>();
        for (String file : Arrays.copyOfRange(words, start + 1, words.length)) {
            found.add(new ERSByteData(bytes(file)));
        }
        return words[start].equals("group") ? List.of(new ERSDataGroup(found)) : found;
    }

    static DigestCalculator digest(String oid) throws Exception {
        return DIGESTS.get(new AlgorithmIdentifier(new ASN1ObjectIdentifier(oid)));
    }

    static TimeStampRequestGenerator requests() {
        TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
        requests.setCertReq(true);
        return requests;
    }

    static TimeStampResponse reply(Path folder) throws Exception {
        return new TimeStampResponse(bytes(folder.resolve("reply").toString()));
    }

    static ERSEvidenceRecord record(String file) throws Exception {
        return new ERSEvidenceRecord(bytes(file), DIGESTS);
    }

    static byte[] bytes(String file) throws Exception {
        return Files.readAllBytes(new File(file).toPath());
    }

    static void write(Path folder, String name, byte[] data) throws Exception {
        Files.write(folder.resolve(name), data);
    }
}
