using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Tests.Access;

/// <summary>A self-signed certificate for localhost, as two PEM texts.</summary>
internal sealed record TestCertificate(string Cert, string Key, string Thumbprint)
{
    public static TestCertificate Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var cert =
            request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), DateTimeOffset.UnixEpoch.AddYears(130));
        return new(cert.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), cert.Thumbprint);
    }
}
