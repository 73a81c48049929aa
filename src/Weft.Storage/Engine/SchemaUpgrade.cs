namespace Weft.Storage.Engine;

/// <summary>An upgrade of an older store's schema.</summary>
/// <param name="From">The schema's previous version.</param>
/// <param name="To">The schema's new version.</param>
/// <param name="Steps">The subject of each step, in order.</param>
public sealed record SchemaUpgrade(long From, long To, IReadOnlyList<string> Steps);
