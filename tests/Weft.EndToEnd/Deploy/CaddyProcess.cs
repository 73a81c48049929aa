using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Deploy;

/// <summary>Caddy with the configuration that we ship.</summary>
internal sealed class CaddyProcess : ProxyProcess
{
    public string LogFile => Path.Combine(Folder, "weft.log");

    public static Task<CaddyProcess> StartAsync(params int[] coordinators)
    {
        var caddy = new CaddyProcess();
        var file = DeployFiles.Read("caddy/Caddyfile")
            .Replace("weft.example.org {",
                $"{{\n\tadmin off\n}}\n\n{caddy.Address.GetLeftPart(UriPartial.Authority)} {{",
                StringComparison.Ordinal)
            .Replace("/var/log/caddy", caddy.Folder, StringComparison.Ordinal);
        for (var i = 0; i < coordinators.Length; i++)
        {
            file = file.Replace($"127.0.0.1:{FirstPort + i}", $"127.0.0.1:{coordinators[i]}", StringComparison.Ordinal);
        }

        var start = Command.Describe("caddy", caddy.Folder,
            ["run", "--adapter", "caddyfile", "--config", caddy.Write("Caddyfile", file)]);
        foreach (var name in (string[])["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"])
            start.Environment[name] = caddy.Folder;
        return StartAsync(caddy, start);
    }
}
