using System.Text.Json.Serialization;

namespace Weft.Contracts;

/// <summary>How the API's records are JSON: camelCase, without the members that are null; unknown ones are skipped, so that an old client reads a newer answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(CancelOutcome))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(QueuePause))]
[JsonSerializable(typeof(WorkerList))]
public sealed partial class WireJson : JsonSerializerContext;
