using System.Text.Json;

namespace Weft.Client.Frozen;

/// <summary>A claimed task.</summary>
/// <param name="Data">The body as it was posted: JSON unchanged, anything else as a string. Anybody may have submitted
/// the task, so don't rely on its shape.</param>
public sealed record FrozenTask(long TaskId, JsonElement Data);
