using System.Text.Json.Serialization;
using Weft.Cli.Exec;
using Weft.Cli.Map;

namespace Weft.Cli.Remote;

/// <summary>What commands print that the API doesn't have.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExecLine))]
[JsonSerializable(typeof(MapLine))]
[JsonSerializable(typeof(Store.MigrateReport))]
[JsonSerializable(typeof(StatsLine))]
[JsonSerializable(typeof(string))]
internal sealed partial class RemoteJson : JsonSerializerContext;
