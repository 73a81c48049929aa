using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weft.CommandLine;

namespace Weft.Serve;

/// <summary>
/// The certificate in two PEM files. They are read again when they have changed; if the new ones can't be used, the old
/// certificate stays.
/// </summary>
internal sealed partial class TlsCertificate
{
    private readonly string _certFile;
    private readonly string _keyFile;
    private volatile SslServerAuthenticationOptions _current;
    private (string Cert, string Key) _read;

    /// <exception cref="CommandFailure">The files can't be used.</exception>
    public TlsCertificate(string certFile, string keyFile)
    {
        (_certFile, _keyFile) = (certFile, keyFile);
        try
        {
            _read = (File.ReadAllText(certFile), File.ReadAllText(keyFile));
            _current = Load(_read.Cert, _read.Key);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            throw new CommandFailure($"The certificate {certFile} with the key {keyFile} can't be used: " +
                $"{OneLine(exception)}");
        }
    }

    /// <summary>The certificate that the settings name; null: none.</summary>
    /// <exception cref="CommandFailure">The certificate can't be used.</exception>
    public static TlsCertificate? Of(ServeNetwork network) =>
        network.TlsCert is { } cert && network.TlsKey is { } key ? new(cert, key) : null;

    /// <summary>The certificate for a new connection.</summary>
    public SslServerAuthenticationOptions Current => _current;

    /// <summary>Reloads the certificate if its files have changed. Open connections keep the old one.</summary>
    /// <returns>True: a new certificate is in use.</returns>
    public async Task<bool> RefreshAsync(ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            // By content, not by time: certificates are often links, and replaced by a rename.
            var files = (Cert: await File.ReadAllTextAsync(_certFile, cancellationToken),
                Key: await File.ReadAllTextAsync(_keyFile, cancellationToken));
            if (files == _read) return false;
            // Remembered before it is tried: an unusable pair is logged once, and tried again when it changes again.
            _read = files;
            _current = Load(files.Cert, files.Key);
            LogRenewed(log, _certFile);
            return true;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            LogUnusable(log, _certFile, _keyFile, OneLine(exception));
            return false;
        }
    }

    private static SslServerAuthenticationOptions Load(string cert, string key)
    {
        var leaf = X509Certificate2.CreateFromPem(cert, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(cert);
        // Offline: the file has all certificates that clients need to find the root, and no handshake waits for another
        // server.
        return new() { ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true) };
    }

    private static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");

    [LoggerMessage(5003, LogLevel.Warning, "The certificate was reloaded from {File}")]
    private static partial void LogRenewed(ILogger log, string file);

    [LoggerMessage(5004, LogLevel.Error,
        "The certificate in {CertFile} with the key in {KeyFile} can't be used; keeping the previous one: {Message}")]
    private static partial void LogUnusable(ILogger log, string certFile, string keyFile, string message);
}
