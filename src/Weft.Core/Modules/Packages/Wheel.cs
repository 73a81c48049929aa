namespace Weft.Core.Modules.Packages;

/// <summary>A wheel's metadata.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Requires"> Its requirements as text, which <see cref="PackageRequirement"/> parses. Parsed, they would
/// take fifty times as much memory, and wheels are cached.
/// </param>
/// <param name="UnpackedBytes">The total size of its files.</param>
public sealed record Wheel(WheelName Name, IReadOnlyList<string> Requires, long UnpackedBytes);
