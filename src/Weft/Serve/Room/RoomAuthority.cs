using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Serve.Room;

/// <summary>
/// The CA of a room, which the browsers of its computers are set to trust, and the certificates that it signs.
/// </summary>
internal static class RoomAuthority
{
    private const int SerialBytes = 16;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>How long a CA is valid: for the usual time between two set-ups of a room's computers.</summary>
    private static readonly TimeSpan AuthorityTime = TimeSpan.FromDays(3 * 365);

    /// <summary>Browsers accept up to 398 days from public CAs, Apple's 825 from others.</summary>
    private static readonly TimeSpan CertificateTime = TimeSpan.FromDays(397);

    /// <summary>For computers whose clocks are slow.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <summary>A new CA, with its key, which may certify these names and those of local networks.</summary>
    public static X509Certificate2 Create(RoomNames names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        // The name that people look for when they want to remove it.
        subject.AddCommonName($"Weft room {names.Dns[0]} {now:yyyy-MM-dd}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(NameConstraints.For(names));
        return request.CreateSelfSigned(now - ClockSkew, now + AuthorityTime);
    }

    /// <summary>A new certificate, with its key.</summary>
    public static X509Certificate2 Sign(X509Certificate2 authority, RoomNames names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName("Weft coordinator");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Dns) alternatives.AddDnsName(name);
        foreach (var address in names.Addresses) alternatives.AddIpAddress(address);
        request.CertificateExtensions.Add(alternatives.Build());

        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // Positive, as a serial number must be, and without leading zero bytes.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        // Within the CA's validity, even if the clock was set back.
        var (begin, end) = (now - ClockSkew, now + CertificateTime);
        if (begin < authority.NotBefore) begin = authority.NotBefore;
        if (end > authority.NotAfter) end = authority.NotAfter;
        using var certificate = request.Create(authority, begin, end, serial);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>
    /// Whether clients that trust the CA accept the certificate: it is within the CA's names and validity.
    /// </summary>
    public static bool Vouches(X509Certificate2 authority, X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate);
    }

    /// <summary>For comparison by people: SHA-256, in pairs of hex digits with colons.</summary>
    public static string Fingerprint(X509Certificate2 certificate) =>
        string.Join(':', SHA256.HashData(certificate.RawData).Select(static octet => octet.ToString("X2",
            System.Globalization.CultureInfo.InvariantCulture)));
}
