using System.Globalization;
using System.Reflection;

namespace Weft.Storage.Engine;

/// <summary>
/// The files of an engine's <c>Schema/</c> folder, embedded: <c>NNN_name.sql</c>, run in the order of their numbers.
/// </summary>
internal static class MigrationScripts
{
    private const string Extension = ".sql";

    /// <param name="prefix">The engine's name and a slash, the prefix of its resources' names.</param>
    public static IReadOnlyList<MigrationScript> Read(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => new MigrationScript(
                int.Parse(name.AsSpan(prefix.Length, 3), CultureInfo.InvariantCulture),
                name[(prefix.Length + 4)..^Extension.Length].Replace('_', ' '),
                Load(assembly, name)))
            .OrderBy(static script => script.Version)];
    }

    /// <summary>Why these scripts can't upgrade a schema, human-readable; null if they can.</summary>
    /// <param name="scripts">All scripts of this version.</param>
    /// <param name="current">The schema's version; 0 for an empty one.</param>
    /// <param name="what">The name of the store.</param>
    /// <param name="other">The alternative to suggest.</param>
    public static string? FindRefusal(
        IReadOnlyList<MigrationScript> scripts, long current, string what, string other)
    {
        var (first, newest) = (scripts[0].Version, scripts[^1].Version);
        if (current > newest)
        {
            return $"{what} was written by a newer Weft (schema {current}, this one knows {newest}): " +
                $"use that version, or {other}";
        }

        return current > 0 && current < first
            ? $"{what} was written by a Weft older than its first release " +
                $"(schema {current}, this one upgrades from {first} on)"
            : null;
    }

    /// <returns>Null if there was nothing to do, or no schema.</returns>
    public static SchemaUpgrade? Describe(long from, MigrationScript[] run) => from == 0 || run.Length == 0
        ? null
        : new(from, run[^1].Version, [.. run.Select(static script => script.Name)]);

    private static string Load(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>One file of a schema.</summary>
/// <param name="Version">Its number, which is the schema's version after it has run.</param>
/// <param name="Name">Its subject, human-readable.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record MigrationScript(int Version, string Name, string Sql);
