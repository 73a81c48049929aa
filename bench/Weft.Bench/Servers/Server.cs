namespace Weft.Bench.Servers;

/// <summary>A server that can be measured: how it is started, and why it can't be on this machine, if so.</summary>
internal sealed record Server(string Name, string Program, Func<int, string, string[]> Arguments,
    string? Missing = null);
