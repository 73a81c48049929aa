using System.Diagnostics;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>Caddy with the configuration that we ship, on a free port without a certificate, in front of a test's coordinators.</summary>
internal sealed class CaddyProcess : IAsyncDisposable
{
    private const int FirstPort = 8081;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-caddy-");
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    private CaddyProcess(int[] coordinators)
    {
        var port = FreePort.Next();
        Address = new($"http://127.0.0.1:{port}");
        var file = DeployFiles.Read("caddy/Caddyfile")
            .Replace("weft.example.org {", $"{{\n\tadmin off\n}}\n\n{Address.GetLeftPart(UriPartial.Authority)} {{", StringComparison.Ordinal)
            .Replace("/var/log/caddy", _folder.FullName, StringComparison.Ordinal);
        for (var i = 0; i < coordinators.Length; i++)
        {
            file = file.Replace($"127.0.0.1:{FirstPort + i}", $"127.0.0.1:{coordinators[i]}", StringComparison.Ordinal);
        }

        var path = Path.Combine(_folder.FullName, "Caddyfile");
        File.WriteAllText(path, file);
        var start = Command.Describe("caddy", _folder.FullName, ["run", "--adapter", "caddyfile", "--config", path]);
        foreach (var name in (string[])["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]) start.Environment[name] = _folder.FullName;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said) _said.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public static async Task<CaddyProcess> StartAsync(params int[] coordinators)
    {
        var caddy = new CaddyProcess(coordinators);
        try
        {
            await Eventually.SeeAsync("Caddy serves", caddy.HealthAsync, static status => status == 200);
            return caddy;
        }
        catch
        {
            await caddy.DisposeAsync();
            throw;
        }
    }

    /// <summary>0: nobody listens yet.</summary>
    public async Task<int> HealthAsync()
    {
        Assert.False(_process.HasExited, Said());
        using var wire = new Wire(Address);
        try
        {
            return (await wire.GetAsync("/health")).Status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Send(UnixSignal.Terminate);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
        TestContext.Current.TestOutputHelper?.WriteLine(Said());
    }

    private string Said()
    {
        lock (_said) return _said.ToString();
    }
}
