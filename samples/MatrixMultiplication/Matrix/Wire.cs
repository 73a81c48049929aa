using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>The payload of a task: <c>{"A":"[[1,2]]","B":"[[3],[4]]"}</c>.</summary>
public sealed record MatrixTask(
    [property: JsonPropertyName("A")] string A,
    [property: JsonPropertyName("B")] string B);

/// <summary>The body of <c>POST /api/v1/tasks</c>.</summary>
public sealed record SubmitRequest(string Queue, string Type, MatrixTask Payload);

/// <summary>The answer to it.</summary>
public sealed record TaskCreated(int Id);

/// <summary>The body of <c>POST /api/v1/tasks/claim</c>.</summary>
public sealed record ClaimRequest(string WorkerId, string[] Queues, int Wait);

/// <summary>The answer to it.</summary>
public sealed record ClaimOutcome(ClaimedTask[] Tasks);

/// <summary>A task in a worker's hands: any program may have submitted it, so its payload may be anything.</summary>
public sealed record ClaimedTask(int Id, string LeaseToken, JsonElement Payload);

/// <summary>The body of <c>POST /api/v1/tasks/{id}/complete</c>.</summary>
public sealed record CompleteRequest(string LeaseToken, string Result);

/// <summary>The body of <c>POST /api/v1/tasks/{id}/fail</c>.</summary>
public sealed record FailRequest(string LeaseToken, string Error, bool Retry);

/// <summary>
/// The answer to <c>GET /api/v1/tasks/{id}</c>. The result is there once the state is <c>completed</c>.
/// </summary>
public sealed record TaskReport(int Id, string State, JsonElement? Result = null, string? Error = null);

/// <summary>The body of every refusal; the code is stable.</summary>
public sealed record Problem(string? Code = null, string? Detail = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MatrixTask))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(TaskCreated))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimOutcome))]
[JsonSerializable(typeof(CompleteRequest))]
[JsonSerializable(typeof(FailRequest))]
[JsonSerializable(typeof(TaskReport))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext;
