namespace Weft.Core.Modules.Packages;

/// <summary>What a wheel says of itself.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="Requires">
/// What it needs, as it says it: <see cref="PackageRequirement"/> reads that. Read, it would take fifty times as much
/// memory, and wheels are kept in mind.
/// </param>
/// <param name="UnpackedBytes">Of all its files.</param>
public sealed record Wheel(WheelName Name, IReadOnlyList<string> Requires, long UnpackedBytes);
