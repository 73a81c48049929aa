namespace Weft.Storage.Engine;

/// <summary>What brought an older store's schema up to date.</summary>
/// <param name="From">The schema that it had.</param>
/// <param name="To">The one that it has now.</param>
/// <param name="Steps">What each step is about, in their order.</param>
public sealed record SchemaUpgrade(long From, long To, IReadOnlyList<string> Steps);
