package io.vertikube.apiserver.authn;

import io.vertikube.cache.LruMap;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Client certificates as identity: the common name is the user, organizations are groups. The TLS layer has verified
 * the chain. Whose the last thousand were is remembered, as each comes with every request of its connection. Safe for any
 * thread.
 */
public final class ClientCertificates implements Authenticator {

    private static final int REMEMBERED = 1_000;

    private final Map<X509Certificate, Optional<UserInfo>> known = new LruMap<>(REMEMBERED);

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) {
        if (credentials.peerChain().isEmpty()) {
            return Optional.empty();
        }
        synchronized (known) {
            return known.computeIfAbsent(credentials.peerChain().getFirst(), ClientCertificates::owner);
        }
    }

    private static Optional<UserInfo> owner(X509Certificate leaf) {
        String user = "";
        var groups = new ArrayList<String>();
        for (Rdn rdn : names(leaf)) {
            try {
                Attribute common = rdn.toAttributes().get("CN");
                if (common != null) {
                    user = String.valueOf(common.get());
                }
                @Nullable Attribute organizations = rdn.toAttributes().get("O");
                for (int i = 0; organizations != null && i < organizations.size(); i++) {
                    groups.add(String.valueOf(organizations.get(i)));
                }
            } catch (NamingException e) {
                return Optional.empty();
            }
        }
        if (user.isEmpty()) {
            return Optional.empty();
        }
        groups.add(UserInfo.AUTHENTICATED);
        return Optional.of(new UserInfo(
                user,
                "",
                groups,
                Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + fingerprint(leaf)))));
    }

    private static List<Rdn> names(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that TLS accepted has no SHA-256", e);
        }
    }
}
