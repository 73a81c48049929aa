using System.Text.Json.Serialization;
using Weft.Cli.Exec;
using Weft.Cli.Map;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>The JSON that commands print and that the API doesn't define.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(JsonElementConverter), typeof(OptionalJsonElementConverter)])]
[JsonSerializable(typeof(ExecLine))]
[JsonSerializable(typeof(MapLine))]
[JsonSerializable(typeof(Store.MigrateReport))]
[JsonSerializable(typeof(StatsLine))]
internal sealed partial class RemoteJson : JsonSerializerContext;
