namespace Weft.Core.Modules.Packages;

/// <summary>What a wheel says of itself.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="Requires">What it needs, as far as that can be read.</param>
/// <param name="UnpackedBytes">Of all its files.</param>
public sealed record Wheel(WheelName Name, IReadOnlyList<PackageRequirement> Requires, long UnpackedBytes);
