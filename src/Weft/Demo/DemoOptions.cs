namespace Weft.Demo;

/// <param name="Workers">How many multiply at once.</param>
/// <param name="Tasks">How many products are asked for.</param>
/// <param name="Seed">The same seed gives the same matrices.</param>
internal sealed record DemoOptions(int Workers, int Tasks, int Seed);
