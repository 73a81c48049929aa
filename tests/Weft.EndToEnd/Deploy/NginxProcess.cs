using System.Diagnostics;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>nginx with the configuration that we ship, on a free port and in front of a test's coordinators.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private const int FirstPort = 8081;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-nginx-");
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    private NginxProcess(int[] coordinators)
    {
        var port = FreePort.Next();
        Address = new($"http://127.0.0.1:{port}");
        var upstream = DeployFiles.Read("nginx/upstream.conf");
        for (var i = 0; i < coordinators.Length; i++)
        {
            upstream = upstream.Replace($"127.0.0.1:{FirstPort + i} ", $"127.0.0.1:{coordinators[i]} ",
                StringComparison.Ordinal);
        }
        Write("upstream.conf", upstream);
        Write("weft.conf", WithLogIn(_folder.FullName, DeployFiles.Read("nginx/weft.conf"))
            .Replace("listen 8080;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal));
        Write("nginx.conf", MainFile(_folder.FullName));
        _process = Process.Start(
            Command.Describe("nginx", _folder.FullName,
            ["-e", "stderr", "-c", Path.Combine(_folder.FullName, "nginx.conf")]))!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said) _said.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public string AccessLog => File.ReadAllText(Path.Combine(_folder.FullName, "weft.log"));

    /// <summary>
    /// What stands around our files in a distribution's nginx.conf, with every path in the test's folder.
    /// </summary>
    public static string MainFile(string folder) =>
        $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        pid {{folder}}/pid;
        error_log stderr;
        events { worker_connections 4096; }
        http {
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            include {{folder}}/upstream.conf;
            include {{folder}}/weft.conf;
        }
        """;

    public static string WithLogIn(string folder, string file) =>
        file.Replace("/var/log/nginx", folder, StringComparison.Ordinal);

    public static async Task<NginxProcess> StartAsync(params int[] coordinators)
    {
        var nginx = new NginxProcess(coordinators);
        try
        {
            await Eventually.SeeAsync("nginx serves", nginx.HealthAsync, static status => status == 200);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
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

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);

    private string Said()
    {
        lock (_said) return _said.ToString();
    }
}
