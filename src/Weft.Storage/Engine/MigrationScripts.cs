using System.Globalization;
using System.Reflection;

namespace Weft.Storage.Engine;

/// <summary>
/// The files of an engine's <c>Schema/</c> folder, embedded: <c>NNN_name.sql</c>, run in the order of their numbers.
/// </summary>
internal static class MigrationScripts
{
    private const string Extension = ".sql";

    /// <param name="prefix">The engine's name and a slash, with which its resources' names begin.</param>
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

    /// <summary>Why a schema can't be brought forward by these scripts, for people; null where it can.</summary>
    /// <param name="scripts">All that this version knows.</param>
    /// <param name="current">The schema's version; 0 for an empty one.</param>
    /// <param name="what">What has it.</param>
    /// <param name="other">What to use instead.</param>
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
            ? $"{what} was written by a Weft from before its first release " +
                $"(schema {current}, this one upgrades from {first} on)"
            : null;
    }

    /// <returns>Null where nothing was to be done, or where there was no schema.</returns>
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
/// <param name="Version">Its number, which the schema has once it has run.</param>
/// <param name="Name">What it is about, for people.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record MigrationScript(int Version, string Name, string Sql);
