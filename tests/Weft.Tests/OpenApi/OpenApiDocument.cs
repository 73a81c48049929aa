using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Weft.Tests.OpenApi;

/// <summary>The document as it is served, and what it says about an answer.</summary>
internal sealed class OpenApiDocument
{
    public static readonly string Text =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wwwroot/openapi/v1.json"));
    private static readonly string[] Verbs = ["get", "put", "post", "delete"];

    private readonly JsonNode _root = JsonNode.Parse(Text)!;

    /// <summary>Each as <c>POST /api/v1/tasks</c>, with what it says.</summary>
    public Dictionary<string, JsonNode> Operations => (
        from path in _root["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Verbs.Contains(operation.Key)
        select (Name: $"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value)).ToDictionary();

    /// <summary>Of each operation that takes a body: its schema, resolved, and its example.</summary>
    public Dictionary<string, (JsonNode Schema, JsonNode Example)> Bodies => (
        from operation in Operations
        let media = operation.Value["requestBody"]?["content"]?["application/json"]
        where media is not null
        select (operation.Key, (Resolve(media["schema"])!, media["example"]!))).ToDictionary();

    public JsonObject Schemas => _root["components"]!["schemas"]!.AsObject();

    public IEnumerable<JsonNode> Responses =>
        _root["components"]!["responses"]!.AsObject().Select(static response => response.Value!);

    /// <summary>What the operation says about a status; null when it says nothing.</summary>
    public JsonNode? Response(string operation, int status) =>
        Resolve(
            Operations[operation]["responses"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

    /// <summary>The codes that a response of problems names.</summary>
    public static IEnumerable<string> Codes(JsonNode response) =>
        response["content"]?["application/problem+json"]?["examples"]?.AsObject().Select(static example => example.Key)
            ?? [];

    /// <summary>
    /// Fails unless <paramref name="json"/> is as the document says, with no member that it doesn't know.
    /// </summary>
    public void Check(JsonNode schema, string json, string where)
    {
        // As a schema of its own: references and all, and closed, so that a member that is missing here is noticed.
        var closed =
            JsonNode.Parse(
                new JsonObject
                    { ["$ref"] = "#/$defs/it",
                        ["$defs"] =
                            new JsonObject(
                                Schemas.Select(static named =>
                                    KeyValuePair.Create(named.Key, (JsonNode?)Closed(named.Value!))))
                                        { ["it"] = schema.DeepClone() } }
                .ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;
        var outcome = JsonSchema.FromText(closed.ToJsonString()).Evaluate(JsonDocument.Parse(json).RootElement,
            new() { OutputFormat = OutputFormat.List });
        Assert.True(outcome.IsValid, $"{where}: {json} {JsonSerializer.Serialize(outcome)}");
    }

    private static JsonNode Closed(JsonNode schema)
    {
        var closed = schema.DeepClone();
        if (closed["properties"] is not null) closed["additionalProperties"] = false;
        return closed;
    }

    private JsonNode? Resolve(JsonNode? node) => node?["$ref"] is { } reference
        ? reference.GetValue<string>()[2..].Split('/').Aggregate(_root, static (at, name) => at[name]!)
        : node;
}
