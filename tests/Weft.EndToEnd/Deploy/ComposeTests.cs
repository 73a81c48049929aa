using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Weft.EndToEnd.Deploy;

/// <summary>The compose file against the files that it names. No container engine runs it here.</summary>
public sealed partial class ComposeTests
{
    private readonly YamlMappingNode _file;

    public ComposeTests()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(DeployFiles.Read("compose.yaml")));
        _file = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [Fact]
    public void Nginx_KnowsTheCoordinators_AndTheyKnowNginx()
    {
        string[] coordinators = [.. Services().Where(static name => name.StartsWith("weft-", StringComparison.Ordinal))
            .Select(name => AddressOf(name) + ":8080")];
        Assert.Equal(3, coordinators.Length);
        Assert.Equal(coordinators, Upstream().Matches(DeployFiles.Read("nginx/upstream.compose.conf"))
            .Select(static match => match.Groups[1].Value));
        Assert.Equal(AddressOf("nginx"), At(_file, "x-weft", "environment", "WEFT_TRUSTED_PROXIES").ToString());
    }

    [Fact]
    public void WhatIsMountedAndBuilt_IsThere()
    {
        var mounts = ((YamlSequenceNode)At(_file, "services", "nginx", "volumes"))
            .Select(static mount => mount.ToString().Split(':')[0]);
        Assert.All(mounts, static file => Assert.True(File.Exists(DeployFiles.PathOf(file)), file));
        var build = At(_file, "services", "weft-1", "build");
        Assert.True(
            File.Exists(Path.Combine(DeployFiles.PathOf(At(build, "context").ToString()), At(build, "dockerfile")
            .ToString())));
    }

    [Fact]
    public void ItListensOnThisMachineAlone_AndNoPasswordIsInIt()
    {
        Assert.StartsWith("127.0.0.1:", Assert.Single((YamlSequenceNode)At(_file, "services", "nginx", "ports"))
            .ToString(), StringComparison.Ordinal);
        Assert.StartsWith("${WEFT_DB_PASSWORD:?", At(_file, "services", "postgres", "environment", "POSTGRES_PASSWORD")
            .ToString(), StringComparison.Ordinal);
        Assert.Contains("Password=${WEFT_DB_PASSWORD:?", At(_file, "x-weft", "environment", "WEFT_STORE").ToString(),
            StringComparison.Ordinal);
    }

    private IEnumerable<string> Services() =>
        ((YamlMappingNode)At(_file, "services")).Children.Keys.Select(static name => name.ToString());

    private string AddressOf(string service) =>
        At(_file, "services", service, "networks", "weft", "ipv4_address").ToString();

    private static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, static (at, name) => at[name]);

    [GeneratedRegex(@"server ([0-9.:]+) max_fails")]
    private static partial Regex Upstream();
}
