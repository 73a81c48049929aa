using System.Diagnostics;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>
/// A proxy with the configuration that we ship, on a free port without a certificate, in front of a test's
/// coordinators.
/// </summary>
internal abstract class ProxyProcess : IAsyncDisposable
{
    /// <summary>Of the first coordinator in the configuration that we ship; the others' follow.</summary>
    protected const int FirstPort = 8081;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-proxy-");
    private readonly StringBuilder _said = new();
    private Process? _process;

    protected ProxyProcess()
    {
        Port = FreePort.Next();
        Address = new($"http://127.0.0.1:{Port}");
    }

    public Uri Address { get; }

    /// <summary>Everything that the proxy writes is in here.</summary>
    protected string Folder => _folder.FullName;

    protected int Port { get; }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Send(UnixSignal.Terminate);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
        TestContext.Current.TestOutputHelper?.WriteLine(Said());
    }

    /// <summary>0: nobody listens yet.</summary>
    public async Task<int> HealthAsync()
    {
        Assert.False(_process!.HasExited, Said());
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

    protected static async Task<TProxy> StartAsync<TProxy>(TProxy proxy, ProcessStartInfo start)
        where TProxy : ProxyProcess
    {
        try
        {
            proxy.Run(start);
            await Eventually.SeeAsync("the proxy serves", proxy.HealthAsync, static status => status == 200);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    protected string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    private void Run(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said) _said.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    private string Said()
    {
        lock (_said) return _said.ToString();
    }
}
