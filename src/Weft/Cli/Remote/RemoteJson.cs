using System.Text.Json.Serialization;
using Weft.Cli.Exec;
using Weft.Cli.Map;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>What commands print that the API doesn't have.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(JsonElementConverter), typeof(OptionalJsonElementConverter)])]
[JsonSerializable(typeof(ExecLine))]
[JsonSerializable(typeof(MapLine))]
[JsonSerializable(typeof(Store.MigrateReport))]
[JsonSerializable(typeof(StatsLine))]
internal sealed partial class RemoteJson : JsonSerializerContext;
