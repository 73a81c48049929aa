using Weft.Torture.Liars.Table;

namespace Weft.Torture;

/// <summary>What a run is made of.</summary>
/// <param name="Binary">The <c>weft</c> under test.</param>
/// <param name="Rounds">Crashes by kill -9; on PostgreSQL faults of every kind.</param>
/// <param name="PowerLoss">Power cuts.</param>
/// <param name="EveryCall">1: fail every call of the reference scenario; n: every n-th; 0: none.</param>
/// <param name="FirstCall">Where that begins: with <paramref name="EveryCall"/> n, the runs from 1 to n fail all of
/// them together.</param>
/// <param name="HasControls">Whether the harness shows that it would notice.</param>
/// <param name="Seed">Of all chance.</param>
/// <param name="Folder">For stores, and for the histories of what went wrong.</param>
/// <param name="IsShared">Three coordinators over a pair of PostgreSQL servers, instead of one over a data
/// folder.</param>
/// <param name="Failovers">How often the primary is lost under load and its standby promoted.</param>
/// <param name="Liars">Crashes among workers of which some lie about verified tasks.</param>
/// <param name="Retentions">Crashes while tasks and files are deleted.</param>
/// <param name="Table">Counts what is promised of the results of strangers, instead of all else; null: it doesn't.
/// </param>
internal sealed record TortureOptions(string Binary, int Rounds, int PowerLoss, int EveryCall, int FirstCall,
    bool HasControls, int Seed, string Folder, bool IsShared = false, int Failovers = 0,
    int Liars = 0, int Retentions = 0, TableOptions? Table = null);
