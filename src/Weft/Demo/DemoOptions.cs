namespace Weft.Demo;

/// <param name="Workers">Number of workers.</param>
/// <param name="Tasks">Number of products.</param>
/// <param name="Seed">The same seed gives the same matrices.</param>
internal sealed record DemoOptions(int Workers, int Tasks, int Seed);
