using System.Text.Json;

namespace Weft.Client.Frozen;

/// <summary>A claimed task.</summary>
/// <param name="Data">The body as it was posted, a string when that wasn't JSON: anybody may have submitted the task,
/// so it may be anything.</param>
public sealed record FrozenTask(long TaskId, JsonElement Data);
