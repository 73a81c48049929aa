namespace Weft.Cli.Completion;

/// <summary>
/// One script for each shell. All of them call <c>weft '[suggest:POSITION]' 'LINE'</c>, which System.CommandLine
/// answers from the commands themselves; options are left out until a dash is typed. If
/// <see cref="FileCompletion.Mark"/> is among the answers, files are completed as well.
/// </summary>
internal static class CompletionScripts
{
    public const string Bash =
        """
        # eval "$(weft completion bash)"
        _weft() {
          local word=${COMP_WORDS[COMP_CWORD]} words
          words=$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
          [[ $word == -* ]] || words=$(grep -v '^[-/]' <<<"$words")
          if [[ $words == *'<file>'* ]]; then compopt -o default 2>/dev/null; words=$(grep -v '^<file>' <<<"$words"); fi
          COMPREPLY=($(compgen -W "$words" -- "$word"))
        }
        complete -F _weft weft
        """;

    public const string Zsh =
        """
        #compdef weft
        # eval "$(weft completion zsh)", after compinit
        _weft() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a found others
          found=(${(f)"$($words[1] "[suggest:$#line]" "$line" 2>/dev/null)"})
          [[ $words[CURRENT] == -* ]] || found=(${found:#[-/]*})
          others=(${found:#'<file>'*})
          (( $#others == $#found )) || _files
          (( $#others == 0 )) || compadd -a others
        }
        compdef _weft weft
        """;

    public const string Fish =
        """
        # weft completion fish | source
        function __weft_suggest
          set -l line (commandline -cp)
          set -l found (weft "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
          string match -q -- '-*' (commandline -ct); or set found (string match -rv -- '^[-/]' $found)
          if string match -q -- '<file>*' $found; __fish_complete_path (commandline -ct); end
          string match -rv -- '^<file>' $found
        end
        complete -c weft -f -a '(__weft_suggest)'
        """;
}
