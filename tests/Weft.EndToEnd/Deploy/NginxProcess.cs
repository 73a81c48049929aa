using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>nginx with the configuration that we ship.</summary>
internal sealed class NginxProcess : ProxyProcess
{
    public string AccessLog => File.ReadAllText(Path.Combine(Folder, "weft.log"));

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

    public static Task<NginxProcess> StartAsync(params int[] coordinators)
    {
        var nginx = new NginxProcess();
        var upstream = DeployFiles.Read("nginx/upstream.conf");
        for (var i = 0; i < coordinators.Length; i++)
        {
            upstream = upstream.Replace($"127.0.0.1:{FirstPort + i} ", $"127.0.0.1:{coordinators[i]} ",
                StringComparison.Ordinal);
        }

        nginx.Write("upstream.conf", upstream);
        nginx.Write("weft.conf", WithLogIn(nginx.Folder, DeployFiles.Read("nginx/weft.conf"))
            .Replace("listen 8080;", $"listen 127.0.0.1:{nginx.Port};", StringComparison.Ordinal));
        var main = nginx.Write("nginx.conf", MainFile(nginx.Folder));
        return StartAsync(nginx, Command.Describe("nginx", nginx.Folder, ["-e", "stderr", "-c", main]));
    }
}
