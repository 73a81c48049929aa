using System.Text.Json.Serialization;

namespace Weft.Client.Frozen;

internal sealed record SubmittedTask(long TaskId);

internal sealed record PostedResult(string Result);

internal sealed record StatusAnswer(string Status);

internal sealed record RefusedRequest(string? Error);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SubmittedTask))]
[JsonSerializable(typeof(PostedResult))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(RefusedRequest))]
[JsonSerializable(typeof(FrozenTask))]
[JsonSerializable(typeof(FrozenReport))]
[JsonSerializable(typeof(FrozenStats))]
internal sealed partial class FrozenJson : JsonSerializerContext;
