namespace Weft.Testing.Fronts;

/// <summary>Answers that are not a coordinator's, by names that test cases can have.</summary>
internal static class FrontLies
{
    private static readonly Dictionary<string, FrontAnswer> Answers = new()
    {
        ["403"] = FrontAnswer.Page(403),
        ["404"] = FrontAnswer.Page(404),
        ["429"] = FrontAnswer.Page(429),
        ["500"] = FrontAnswer.Page(500),
        ["502"] = FrontAnswer.Page(502),
        ["page"] = FrontAnswer.Page(200),
        ["json"] = FrontAnswer.OtherJson,
        ["cut"] = FrontAnswer.CutBody,
        ["break"] = FrontAnswer.Break,
        ["silence"] = FrontAnswer.Silence,
    };

    public static IEnumerable<string> Names => Answers.Keys;

    public static FrontAnswer Of(string name) => Answers[name];
}
