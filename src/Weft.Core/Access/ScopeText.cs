namespace Weft.Core.Access;

/// <summary>The names of scopes on the wire and the command line: submit, work, read, admin, metrics,
/// trusted.</summary>
public static class ScopeText
{
    private static readonly (Scope Scope, string Text)[] All =
    [
        (Scope.Submit, "submit"), (Scope.Work, "work"), (Scope.Read, "read"), (Scope.Admin, "admin"),
        (Scope.Metrics, "metrics"), (Scope.Trusted, "trusted"),
    ];

    /// <summary>The name of each scope.</summary>
    public static IReadOnlyList<string> Of(Scope scopes) =>
        [.. All.Where(known => scopes.HasFlag(known.Scope)).Select(static known => known.Text)];

    /// <summary>
    /// The scopes with these names; <see cref="Scope.None"/> if a name is unknown, or there are none.
    /// </summary>
    public static Scope Parse(IEnumerable<string> texts)
    {
        var scopes = Scope.None;
        foreach (var text in texts)
        {
            var scope = Array.Find(All, known => known.Text == text).Scope;
            if (scope == Scope.None) return Scope.None;
            scopes |= scope;
        }

        return scopes;
    }
}
