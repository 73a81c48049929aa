using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft cert</c>, and what <c>weft serve</c> does with its files.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CertTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-cert-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task ACertificate_IsMade_Said_NotOverwritten_AndRenewedByTheSameCa()
    {
        var made = await RunAsync("cert", "--host", "lab.example", "--host", "192.0.2.2");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        var authority = await ReadAsync("ca.pem");
        using var ca = X509Certificate2.CreateFromPem(authority);
        Assert.Contains("Names         lab.example, localhost, 192.0.2.2, 127.0.0.1, ::1\n", made.Output,
            StringComparison.Ordinal);
        Assert.Matches("SHA-256       ([0-9A-F]{2}:){31}[0-9A-F]{2}\n", made.Output);
        Assert.Contains("weft serve --host 0.0.0.0 --tls-cert weft-cert/cert.pem --tls-key weft-cert/key.pem " +
            "--public-name lab.example\n", made.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder.FullName, "weft-cert", "key.pem")));

        var again = await RunAsync("cert", "--host", "lab.example");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("nothing is overwritten", again.Error, StringComparison.Ordinal);

        var before = await ReadAsync("cert.pem");
        Assert.Equal(0, (await RunAsync("cert", "--host", "lab.example", "--renew")).ExitCode);
        Assert.Equal(authority, await ReadAsync("ca.pem"));
        Assert.NotEqual(before, await ReadAsync("cert.pem"));
    }

    // Whoever may write there could put a CA of its own in the place of the one that computers are told to trust.
    [Fact]
    public async Task AFolder_ThatAnyUserMayWrite_IsRefused()
    {
        var made = Directory.CreateDirectory(Path.Combine(folder.FullName, "shared"));
        made.UnixFileMode |= UnixFileMode.OtherWrite;
        var refused = await RunAsync("cert", "--host", "lab.example", "--out", "shared");
        Assert.Equal((1, "weft: Any user may write to shared: run 'chmod o-w shared', or name another folder.\n"),
            (refused.ExitCode, refused.Error));
        Assert.Empty(made.GetFileSystemInfos());
    }

    [Fact]
    public async Task AName_ThatIsNone_IsRefusedInOneLine()
    {
        var refused = await RunAsync("cert", "--host", "https://lab");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("weft: 'https://lab' is not a host name or an IP address, without scheme and port.\n",
            refused.Error);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task ALab_HasAllInOneCommand_AndSaysHowToJoin()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--lab");
        var output = await Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal));
        Assert.Contains("token required", output, StringComparison.Ordinal);
        Assert.Contains("SHA-256   ", output, StringComparison.Ordinal);
        Assert.Contains($"Console   http://localhost:{coordinator.Port}/#token=weft_", output,
            StringComparison.Ordinal);
        // Stdout is a log here, which no token belongs in.
        var file = output.Split('\n').Single(static line => line.Contains("the link is in", StringComparison.Ordinal))
            .Split("the link is in ")[1];
        Assert.Matches($"^http://.*:{coordinator.Port}/join/#token=weft_.{{43}}\n$",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(Path.Combine(coordinator.Folder, "weft-cert", "ca-key.pem")));
        Assert.Equal(200, (await coordinator.Wire.GetAsync("/join/room.json")).Status);
    }

    [Fact]
    public async Task AProgramThatDoesntTrustTheCa_IsToldHow()
    {
        await using var coordinator =
            await CoordinatorProcess.StartNewAsync("--lab", "--host", "127.0.0.1", "--access", "open");
        var start = WeftBinary.Describe(coordinator.Folder, "stats", "--url", $"https://localhost:{coordinator.Port}");
        var refused = await Command.RunAsync(start, Eventually.Max);
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches("^weft: No coordinator answers at https://.*certificate is invalid.*SSL_CERT_FILE.*ca.pem.\n$",
            refused.Error);

        start.Environment["SSL_CERT_FILE"] = Path.Combine("weft-cert", "ca.pem");
        var trusted = await Command.RunAsync(start, Eventually.Max);
        Assert.Equal((0, ""), (trusted.ExitCode, trusted.Error));
    }

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(WeftBinary.Describe(folder.FullName, arguments), Eventually.Max);

    private Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(Path.Combine(folder.FullName, "weft-cert", file), TestContext.Current.CancellationToken);
}
