using System.Text;

namespace Weft.Tests.Api;

public sealed class SubmitTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Submit_AnswersWhereTheTaskIs()
    {
        var answer = await server.PostAsync("tasks", """{"payload":{"a":1}}""");
        var id = answer.Accepted(201).GetProperty("id").GetInt64();
        Assert.Equal($"/api/v1/tasks/{id}", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Submit_KeepsEveryMember()
    {
        var group = (await server.PostAsync("groups", "{}")).Accepted(201).GetProperty("id").GetInt64();
        var id = await server.SubmitAsync("kept.here", "[1]",
            $$""","type":"mul","priority":-100,"delaySeconds":60.5,"maxAttempts":3,"leaseSeconds":1.5,"expiresInSeconds":3600,"group":{{group}},"requires":["simd","memory>=4096"]""");
        var task = await server.TaskAsync(id);
        Assert.Equal("kept.here", task.GetProperty("queue").GetString());
        Assert.Equal("mul", task.GetProperty("type").GetString());
        Assert.Equal("scheduled", task.GetProperty("state").GetString());
        Assert.Equal(-100, task.GetProperty("priority").GetInt32());
        Assert.Equal(3, task.GetProperty("maxAttempts").GetInt32());
        Assert.Equal(1.5, task.GetProperty("leaseSeconds").GetDouble());
        Assert.Equal(group, task.GetProperty("group").GetInt64());
        Assert.Equal("""["memory>=4096","simd"]""", task.GetProperty("requires").GetRawText());
        var submittedAt = task.GetProperty("submittedAt").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromSeconds(60.5), task.GetProperty("runAt").GetDateTimeOffset() - submittedAt);
        Assert.Equal(TimeSpan.FromHours(1), task.GetProperty("expiresAt").GetDateTimeOffset() - submittedAt);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text \\u00e9 é\"")]
    [InlineData("[1, 2.50,\t1e3]")]
    [InlineData("{\"b\":1, \"a\":{\"deep\":[]}, \"b\":2}")]
    public async Task Submit_AnyJson_IsKeptByteForByte(string payload)
    {
        var id = await server.SubmitAsync("default", payload);
        Assert.Contains($"\"payload\":{payload}", (await server.GetAsync($"tasks/{id}")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithRunAt_WaitsForIt()
    {
        var id = await server.SubmitAsync("default", more: ",\"runAt\":\"2027-06-01T12:00:00.5+02:00\"");
        Assert.Equal("2027-06-01T10:00:00.500Z", (await server.TaskAsync(id)).GetProperty("runAt").GetString());
    }

    [Fact]
    public async Task Submit_WithAKeyThatIsKnown_AnswersTheSameTask()
    {
        var first = await server.PostAsync("tasks", """{"payload":1}""", "same-key");
        var again = await server.PostAsync("tasks", """{"payload":1}""", "same-key");
        Assert.Equal(first.Accepted(201).GetProperty("id").GetInt64(), again.Accepted().GetProperty("id").GetInt64());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task Submit_WithAKnownKeyAndAnotherBody_IsRefused()
    {
        (await server.PostAsync("tasks", """{"payload":1}""", "other-body")).Accepted(201);
        (await server.PostAsync("tasks", """{"payload":2}""", "other-body")).Refused(422, "idempotency_mismatch");
    }

    [Fact]
    public async Task Submit_WithAKeyThatIsTooLong_IsRefused()
    {
        (await server.PostAsync("tasks", """{"payload":1}""", new string('k', 128))).Accepted(201);
        var detail = (await server.PostAsync("tasks", """{"payload":1}""", new string('k', 129))).Refused(400,
            "invalid_request");
        Assert.StartsWith("Idempotency-Key", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ToAGroupThatDoesNotExist_IsRefused() =>
        (await server.PostAsync("tasks", """{"payload":1,"group":999999}""")).Refused(404, "group_not_found");

    [Fact]
    public async Task Submit_WithMoreSetsOfRequirementsThanAQueueHolds_IsRefused()
    {
        var queue = ApiServer.NewQueue();
        for (var i = 1; i <= Core.Limits.LanesPerQueueMax; i++)
            await server.SubmitAsync(queue, more: $",\"requires\":[\"memory>={i}\"]");
        (await server.PostAsync("tasks", $$"""{"queue":"{{queue}}","payload":1,"requires":["gpu"]}""")).Refused(409,
            "too_many_requirements");
    }

    [Theory]
    [InlineData("""{}""", "payload is missing")]
    [InlineData("""{"payload":1,"payloads":2}""", "payloads")]
    [InlineData("""{"payload":1,"payload":2}""", "payload occurs twice")]
    [InlineData("""{"payload":1,"pay\u006coad":2}""", "payload occurs twice")]
    [InlineData("""{"payload":1,"\ud800":2}""", "unknown member")]
    [InlineData("""{"payload":1,"queue":7}""", "queue must be a string")]
    [InlineData("""{"payload":1,"queue":"\ud800"}""", "queue must be a string without lone surrogates")]
    [InlineData("""{"payload":1,"queue":""}""", "queue")]
    [InlineData("""{"payload":1,"queue":"a/b"}""", "queue")]
    [InlineData("""{"payload":1,"queue":"über"}""", "queue")]
    [InlineData("""{"payload":1,"queue":"."}""", ". and .. are not allowed")]
    [InlineData("""{"payload":1,"queue":".."}""", ". and .. are not allowed")]
    [InlineData("""{"payload":1,"type":null}""", "type")]
    [InlineData("""{"payload":1,"type":""}""", "type")]
    [InlineData("""{"payload":1,"priority":101}""", "priority")]
    [InlineData("""{"payload":1,"priority":-101}""", "priority")]
    [InlineData("""{"payload":1,"priority":1.5}""", "priority")]
    [InlineData("""{"payload":1,"priority":"1"}""", "priority")]
    [InlineData("""{"payload":1,"priority":99999999999999999999}""", "priority")]
    [InlineData("""{"payload":1,"delaySeconds":-1}""", "delaySeconds")]
    [InlineData("""{"payload":1,"delaySeconds":1e999}""", "delaySeconds")]
    [InlineData("""{"payload":1,"delaySeconds":31622401}""", "delaySeconds")]
    [InlineData("""{"payload":1,"runAt":"2020-01-01T00:00:00Z"}""", "runAt must be in the future")]
    [InlineData("""{"payload":1,"runAt":"9999-01-01T00:00:00Z"}""", "runAt")]
    [InlineData("""{"payload":1,"runAt":"tomorrow"}""", "runAt")]
    [InlineData("""{"payload":1,"runAt":5}""", "runAt")]
    [InlineData("""{"payload":1,"runAt":"2027-01-01T00:00:00Z","delaySeconds":1}""", "runAt")]
    [InlineData("""{"payload":1,"maxAttempts":0}""", "maxAttempts")]
    [InlineData("""{"payload":1,"maxAttempts":101}""", "maxAttempts")]
    [InlineData("""{"payload":1,"leaseSeconds":0.999}""", "leaseSeconds")]
    [InlineData("""{"payload":1,"leaseSeconds":86401}""", "leaseSeconds")]
    [InlineData("""{"payload":1,"expiresInSeconds":0}""", "expiresInSeconds")]
    [InlineData("""{"payload":1,"expiresInSeconds":10,"delaySeconds":20}""",
        "expiresInSeconds must be more than delaySeconds")]
    [InlineData("""{"payload":1,"delaySeconds":10,"expiresInSeconds":10}""",
        "expiresInSeconds must be more than delaySeconds")]
    [InlineData("""{"payload":1,"group":0}""", "group")]
    [InlineData("""{"payload":1,"group":"1"}""", "group")]
    [InlineData("""{"payload":1,"requires":"simd"}""", "requires")]
    [InlineData("""{"payload":1,"requires":[1]}""", "requires")]
    [InlineData("""{"payload":1,"requires":["SIMD!"]}""", "requires")]
    [InlineData("""{"payload":1,"requires":["a","b","c","d","e","f","g","h","i"]}""", "requires")]
    [InlineData("""[]""", "The body must be an object")]
    [InlineData("", "The body")]
    [InlineData("""{"payload":1""", "not JSON")]
    [InlineData("""{"payload":1} {}""", "not JSON")]
    [InlineData("""{"payload":tru}""", "payload is not JSON")]
    public async Task Submit_BadInput_IsRefusedByName(string body, string detail) =>
        Assert.Contains(detail, (await server.PostAsync("tasks", body)).Refused(400, "invalid_request"),
            StringComparison.Ordinal);

    [Fact]
    public async Task Submit_ThatWouldExpireBeforeItsTime_IsRefused()
    {
        var runAt = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        Assert.Contains("runAt",
            (await server.PostAsync("tasks", $$"""{"payload":1,"runAt":"{{runAt}}","expiresInSeconds":60}"""))
                .Refused(400, "invalid_request"), StringComparison.Ordinal);
        (await server.PostAsync("tasks", $$"""{"payload":1,"runAt":"{{runAt}}","expiresInSeconds":7200}"""))
            .Accepted(201);
        (await server.PostAsync("tasks", """{"payload":1,"queue":"...","delaySeconds":10,"expiresInSeconds":20}"""))
            .Accepted(201);
    }

    [Fact]
    public async Task Submit_Over64LevelsDeep_IsRefused()
    {
        static string Nested(int levels) => $$"""{"payload":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        (await server.PostAsync("tasks", Nested(63))).Accepted(201);
        Assert.Contains("payload", (await server.PostAsync("tasks", Nested(64))).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ThatIsNoUtf8_IsRefused()
    {
        byte[] body = [.. "{\"payload\":\""u8, 0xff, .. "\"}"u8];
        (await server.PostAsync("tasks", body)).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task Submit_OverTheLimitOfOneBody_IsRefused()
    {
        var body = Encoding.ASCII.GetBytes($$"""{"payload":"{{new string('x', 10 << 20)}}"}""");
        (await server.PostAsync("tasks", body)).Refused(413, "payload_too_large");
    }
}
