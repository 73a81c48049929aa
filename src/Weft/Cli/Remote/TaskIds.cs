using System.CommandLine;
using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>The argument for task ids.</summary>
internal static class TaskIds
{
    public static Argument<long[]> Argument() => Argument(ArgumentArity.OneOrMore);

    public static Argument<long[]> Argument(ArgumentArity arity)
    {
        var ids = new Argument<long[]>("id") { Description = "Task ids", Arity = arity };
        ids.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                {
                    result.AddError($"'{token.Value}' is not a task id.");
                }
            }
        });
        return ids;
    }
}
