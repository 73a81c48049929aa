using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Weft.Tests.Api;

namespace Weft.Tests.OpenApi;

/// <summary>
/// The coordinator takes what the document shows, up to the bounds that the document names, and not past them.
/// </summary>
public sealed class OpenApiRequestsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly string[] Bounds =
        ["minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems"];
    private static readonly OpenApiDocument Document = new();

    public static TheoryData<string> Operations => [.. Document.Bodies.Keys];

    public static TheoryData<string, string, string> EveryBound =>
    [
        .. from body in Document.Bodies
           where body.Value.Schema["properties"] is not null
           from property in body.Value.Schema["properties"]!.AsObject()
           from bound in Bounds
           // Too many items need a body of their own: BatchTests, OperationTests.
           where property.Value![bound] is not null && property.Key is not ("tasks" or "items" or "ids" or "outputs")
           select (body.Key, property.Key, bound),
    ];

    [Fact]
    public async Task TheDocument_IsServedAsItStandsInTheRepository()
    {
        var answer = await server.GetAsync("/openapi/v1.json");
        Assert.Equal((200, "application/json"), (answer.Status, answer.ContentHeaders.ContentType?.MediaType));
        Assert.Equal(OpenApiDocument.Text, answer.Text);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task EveryExampleOfABody_IsTaken(string operation)
    {
        var answer = await SendAsync(operation, Document.Bodies[operation].Example);
        // A worker's key of an example is no store's.
        var isTaken = answer.Status is 200 or 201 or 202 or 404 or 409 or 422
            || answer.Text.Contains("invalid_worker_key", StringComparison.Ordinal);
        Assert.True(isTaken, $"{answer.Status} {answer.Text}");
        Assert.NotNull(Document.Response(operation, answer.Status));
    }

    [Theory]
    [MemberData(nameof(EveryBound))]
    public async Task EveryBoundOfAMember_IsWhereTheDocumentSays(string operation, string member, string bound)
    {
        var (schema, example) = Document.Bodies[operation];
        var property = schema["properties"]![member]!;
        var limit = property[bound]!.GetValue<decimal>();
        var isLower = bound.Contains("min", StringComparison.OrdinalIgnoreCase);
        var outside = bound == "exclusiveMinimum" ? limit : limit + (isLower ? -1 : 1);

        var refused = await SendAsync(operation, With(example, member, Value(property, bound, outside)));
        Assert.Contains(member, refused.Refused(400, "invalid_request"), StringComparison.Ordinal);
        if (bound == "exclusiveMinimum") return;
        var taken = await SendAsync(operation, With(example, member, Value(property, bound, limit)));
        Assert.True(taken.Status != 400, taken.Text);
    }

    private static JsonNode With(JsonNode example, string member, JsonNode value)
    {
        var body = example.DeepClone();
        body[member] = value;
        return body;
    }

    private static JsonNode Value(JsonNode property, string bound, decimal limit) => bound switch
    {
        "minLength" or "maxLength" => new string('a', (int)limit),
        "minItems" or "maxItems" =>
            new JsonArray([.. Enumerable.Range(0, (int)limit)
                .Select(i => (JsonNode)$"label{i.ToString(CultureInfo.InvariantCulture)}")]),
        _ => property["type"]!.GetValue<string>() == "integer" ? JsonValue.Create((long)limit)
            : JsonValue.Create(limit),
    };

    private Task<ApiAnswer> SendAsync(string operation, JsonNode body)
    {
        var (method, path) = (operation.Split(' ')[0],
            operation.Split(' ')[1].Replace("{id}", "1", StringComparison.Ordinal).Replace("{queue}", "q",
                StringComparison.Ordinal));
        return server.SendAsync(new(method), path, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
