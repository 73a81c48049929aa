using System.Globalization;
using System.Text.Json.Nodes;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Fuzz;

/// <summary>A parameter of an operation: where it goes, and what the document lets it be.</summary>
internal sealed record FuzzParameter(string Name, string In, JsonNode Schema);

/// <summary>An operation as the OpenAPI document describes it.</summary>
/// <param name="Body">The schema of its body; null when it takes none.</param>
/// <param name="Codes">Each status that it may answer, with the problem codes that may go with it.</param>
internal sealed record FuzzOperation(string Method, string Path, IReadOnlyList<FuzzParameter> Parameters,
    JsonNode? Body, IReadOnlyDictionary<int, HashSet<string>> Codes)
{
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The OpenAPI document of the checkout, as a fuzzer needs it.</summary>
internal sealed class FuzzDocument
{
    private static readonly string[] Verbs = ["get", "post", "put", "delete"];
    private readonly JsonNode root =
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("src/Weft/wwwroot/openapi/v1.json")))!;

    public FuzzDocument() => Operations =
    [
        .. from path in root["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           where Verbs.Contains(operation.Key)
           select Read(operation.Key, path.Key, operation.Value!),
    ];

    public IReadOnlyList<FuzzOperation> Operations { get; }

    /// <summary>A node itself, or what it refers to.</summary>
    public JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference
        ? reference.GetValue<string>()[2..].Split('/').Aggregate(root, static (at, name) => at[name]!)
        : node;

    private FuzzOperation Read(string verb, string path, JsonNode operation)
    {
        var parameters = operation["parameters"]?.AsArray().Select(node => Resolve(node!))
            .Select(node =>
                new FuzzParameter(node["name"]!.GetValue<string>(), node["in"]!.GetValue<string>(),
                Resolve(node["schema"]!)));
        var codes = operation["responses"]!.AsObject()
            .ToDictionary(static response => int.Parse(response.Key, CultureInfo.InvariantCulture),
            response => CodesOf(Resolve(response.Value!)));
        return new(verb.ToUpperInvariant(), path, [.. parameters ?? []],
            operation["requestBody"]?["content"]?.AsObject().First().Value!["schema"], codes);
    }

    private static HashSet<string> CodesOf(JsonNode response) =>
        [.. response["content"]?["application/problem+json"]?["examples"]?.AsObject()
            .Select(static example => example.Key) ?? []];
}
