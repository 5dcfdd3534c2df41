package io.vertikube.controller.certificate;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * What a PKCS#10 request asks for. Immutable.
 *
 * @param organizations the groups of the subject
 * @param alternatives subject alternative names of every kind
 */
record RequestedCertificate(
        PKCS10CertificationRequest request,
        String commonName,
        List<String> organizations,
        List<GeneralName> alternatives) {

    RequestedCertificate {
        organizations = List.copyOf(organizations);
        alternatives = List.copyOf(alternatives);
    }

    /**
     * Reads {@code spec.request}, and checks that whoever made it has the key.
     *
     * @throws IllegalArgumentException with the reason
     */
    static RequestedCertificate read(String base64) {
        String pem = new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new IllegalArgumentException("PEM block type must be CERTIFICATE REQUEST");
            }
            var key = new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo());
            if (!request.isSignatureValid(key)) {
                throw new IllegalArgumentException("the request is not signed with its own key");
            }
            return new RequestedCertificate(
                    request,
                    String.join(",", values(request, BCStyle.CN)),
                    values(request, BCStyle.O),
                    alternatives(request));
        } catch (IOException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException("unable to parse the request: " + e.getMessage(), e);
        }
    }

    boolean hasAlternative(int kind) {
        return alternatives.stream().anyMatch(name -> name.getTagNo() == kind);
    }

    private static List<String> values(PKCS10CertificationRequest request, ASN1ObjectIdentifier type) {
        var values = new ArrayList<String>();
        for (RDN part : request.getSubject().getRDNs(type)) {
            for (AttributeTypeAndValue value : part.getTypesAndValues()) {
                values.add(IETFUtils.valueToString(value.getValue()));
            }
        }
        return values;
    }

    private static List<GeneralName> alternatives(PKCS10CertificationRequest request) {
        var names = new ArrayList<GeneralName>();
        for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            for (var value : attribute.getAttributeValues()) {
                Extension extension = Extensions.getInstance(value).getExtension(Extension.subjectAlternativeName);
                if (extension != null) {
                    names.addAll(List.of(
                            GeneralNames.getInstance(extension.getParsedValue()).getNames()));
                }
            }
        }
        return names;
    }
}
