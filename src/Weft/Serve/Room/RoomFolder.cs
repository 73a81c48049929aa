using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weft.CommandLine;
using Weft.Storage;

namespace Weft.Serve.Room;

/// <summary>
/// The folder of a room's certificates: <c>ca.pem</c>, which browsers are set to trust, <c>cert.pem</c> and
/// <c>key.pem</c>, with which the coordinator serves, and <c>ca-key.pem</c>, with which <c>cert.pem</c> is renewed. All
/// are private to their user. A CA is never overwritten: computers trust it.
/// </summary>
internal sealed class RoomFolder(string path)
{
    public const string NameDefault = "weft-cert";

    /// <summary>The remaining validity below which a start issues a new certificate.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    public string CertFile => Path.Combine(path, "cert.pem");

    public string KeyFile => Path.Combine(path, "key.pem");

    public string AuthorityFile => Path.Combine(path, "ca.pem");

    private string AuthorityKeyFile => Path.Combine(path, "ca-key.pem");

    /// <summary>The CA, without its key.</summary>
    /// <exception cref="CommandFailure">There is no readable CA.</exception>
    public X509Certificate2 Authority => Read(AuthorityFile, X509CertificateLoader.LoadCertificateFromFile);

    public X509Certificate2 Certificate => Read(CertFile, X509CertificateLoader.LoadCertificateFromFile);

    /// <summary>Creates a CA and a certificate.</summary>
    /// <exception cref="CommandFailure">A file already exists, or can't be written.</exception>
    public void Create(RoomNames names, DateTimeOffset now)
    {
        RefuseStrangers();
        string[] files = [AuthorityFile, AuthorityKeyFile, CertFile, KeyFile];
        if (files.FirstOrDefault(Path.Exists) is { } taken)
        {
            throw new CommandFailure($"{taken} exists, and nothing is overwritten: renew the certificate by the same " +
                "CA with --renew, or give another folder with --out.");
        }

        using var authority = RoomAuthority.Create(names, now);
        Guarded(path, () =>
        {
            PrivateFiles.CreateFolder(path);
            // The key first: a CA without one can't renew, and would block the next attempt.
            PrivateFiles.Create(AuthorityKeyFile, KeyOf(authority));
            PrivateFiles.Create(AuthorityFile, authority.ExportCertificatePem() + "\n");
        });
        Issue(authority, names, now);
    }

    /// <summary>Issues a new certificate from the existing CA.</summary>
    /// <exception cref="CommandFailure">There is no CA with its key, or it can't certify these names.</exception>
    public void Renew(RoomNames names, DateTimeOffset now)
    {
        RefuseStrangers();
        if (!File.Exists(AuthorityFile))
            throw new CommandFailure($"There is no CA in {path}: leave out --renew to make one.");
        if (!File.Exists(AuthorityKeyFile))
        {
            throw new CommandFailure($"{AuthorityKeyFile} is missing, and without it the CA can't sign: create " +
                "a new CA with --out, and set the room's computers to trust it.");
        }

        using var authority = Read(AuthorityFile, file => X509Certificate2.CreateFromPemFile(file, AuthorityKeyFile));
        Issue(authority, names, now);
    }

    /// <summary>
    /// Creates what is missing: a CA and a certificate, or only a certificate if the existing one lacks names or
    /// expires soon.
    /// </summary>
    /// <returns>True: something was created.</returns>
    public bool Ensure(RoomNames names, DateTimeOffset now)
    {
        RefuseStrangers();
        if (!File.Exists(AuthorityFile)) Create(names, now);
        else if (!IsGood(names, now)) Renew(names, now);
        else return false;
        return true;
    }

    // Files of another user, as in a shared /tmp, aren't this user's CA; a folder that others may write to can't be
    // trusted either.
    private void RefuseStrangers()
    {
        if (UnixFile.Stranger(path) is { } owner)
            throw new CommandFailure($"{path} belongs to another user (uid {owner}): start in a folder of your own.");
        if (UnixFile.IsWritableByAll(path))
            throw new CommandFailure($"Any user may write to {path}: run 'chmod o-w {path}', or name another folder.");
    }

    private bool IsGood(RoomNames names, DateTimeOffset now)
    {
        if (!File.Exists(CertFile) || !File.Exists(KeyFile)) return false;
        using var certificate = Certificate;
        using var authority = Authority;
        return certificate.NotAfter - RenewBefore > now && names.AreAmong(NamesOf(certificate))
            && RoomAuthority.Vouches(authority, certificate, now);
    }

    private static RoomNames NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null ? new([], []) : new([.. names.EnumerateDnsNames()], [.. names.EnumerateIPAddresses()]);
    }

    private void Issue(X509Certificate2 authority, RoomNames names, DateTimeOffset now)
    {
        if (authority.NotAfter <= now) throw Useless($"expired on {authority.NotAfter:yyyy-MM-dd}");
        using var certificate = RoomAuthority.Sign(authority, names, now);
        if (!RoomAuthority.Vouches(authority, certificate, now))
            throw Useless($"can't certify {string.Join(", ", names.All)}");

        Guarded(path, () =>
        {
            PrivateFiles.Replace(KeyFile, KeyOf(certificate));
            PrivateFiles.Replace(
                CertFile, $"{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
        });
    }

    private CommandFailure Useless(string why) =>
        new($"The CA in {path} {why}: move it away, or name another folder with 'weft cert --out', and set the " +
            "room's computers to trust the new one.");

    private static string KeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    private static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The certificates can't be written to {path}: {exception.Message}");
        }
    }

    private static X509Certificate2 Read(string file, Func<string, X509Certificate2> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailure($"{file} can't be used: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }
}
