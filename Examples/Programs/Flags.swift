/// Whole numbers from the command line: `--steps 300 --seed 1`.
public struct Flags {
    private var values: [String: Int]

    /// The numbers after the flags of `defaults`, or those where a flag is not given: from 0 where
    /// the default is 0, else from 1. Nil, after a line that says why, for anything else on the
    /// command line.
    public init?(
        _ defaults: [String: Int], arguments: [String] = Array(CommandLine.arguments.dropFirst())
    ) {
        values = defaults
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard flag.hasPrefix("--"), let standard = defaults[String(flag.dropFirst(2))],
                let number = rest.popFirst().flatMap({ Int($0) }), number >= min(standard, 1)
            else {
                let names = defaults.keys.sorted().map { "--\($0) N" }.joined(separator: " ")
                print("\(flag) and what follows is not understood; give \(names)")
                return nil
            }
            values[String(flag.dropFirst(2))] = number
        }
    }

    /// The number of the flag `name`; 0 for a flag that is not among the defaults.
    public subscript(name: String) -> Int { values[name] ?? 0 }
}
