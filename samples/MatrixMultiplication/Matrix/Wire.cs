using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>The body of a task, as the main program posts it: <c>{"A":"[[1,2]]","B":"[[3],[4]]"}</c>.</summary>
public sealed record MatrixTask(
    [property: JsonPropertyName("A")] string A,
    [property: JsonPropertyName("B")] string B);

/// <summary>The answer to <c>POST /task</c>.</summary>
public sealed record SubmittedTask(int TaskId);

/// <summary>The answer to <c>GET /task/next</c>: any program may have posted the task, so its data may be anything.</summary>
public sealed record ClaimedTask(int TaskId, JsonElement Data);

/// <summary>The body of <c>POST /task/{id}/result</c>.</summary>
public sealed record PostedResult(string Result);

/// <summary>The answer to <c>GET /result/{id}</c>. The result is <c>""</c> until the status is <c>completed</c>.</summary>
public sealed record TaskReport(int TaskId, string Status, JsonElement Result);

/// <summary>The body of every refusal: <c>{"error":"…"}</c>.</summary>
public sealed record RefusedRequest(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MatrixTask))]
[JsonSerializable(typeof(SubmittedTask))]
[JsonSerializable(typeof(ClaimedTask))]
[JsonSerializable(typeof(PostedResult))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(RefusedRequest))]
internal sealed partial class WireJson : JsonSerializerContext;
