/// What the command line asks for.
struct Options {
    var workloads = Workload.all
    var runs = 7
    var asJSON = false
    var wantsList = false
    var wantsHelp = false
    var comparesOpenBLAS = false
    /// Runs so many units of each workload, and times nothing: for programs that count.
    var units: Int?

    static let usage = """
        usage: adjoint-bench [--workload NAME[,NAME]] [--runs 7] [--json] [--openblas] [--list]
               adjoint-bench --units N --workload NAME

        Times units of work after one warm-up and prints the median of the runs. Without --workload
        all of them run. Names may also stand alone: adjoint-bench tiny-chain gemm-256

          --json      one JSON object a line: workload, framework, median_s, min_s, runs, peak_bytes
          --openblas  times each gemm workload in turn with OpenBLAS's cblas_sgemm
          --list      the workloads, and what one unit of each is
          --units     runs so many units and times nothing: for valgrind and the like
        """

    init(_ arguments: [String]) throws(UsageError) {
        var names: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--json": asJSON = true
            case "--list": wantsList = true
            case "--help", "-h": wantsHelp = true
            case "--openblas": comparesOpenBLAS = true
            case "--workload":
                names += try Options.value(argument, &rest).split(separator: ",").map(String.init)
            case "--runs": runs = try Options.count(argument, &rest)
            case "--units": units = try Options.count(argument, &rest)
            default:
                if argument.hasPrefix("-") { throw UsageError("there is no option \(argument)") }
                names.append(argument)
            }
        }
        if names.isEmpty { return }
        workloads = []
        for name in names {
            guard let workload = Workload.all.first(where: { $0.name == name }) else {
                throw UsageError("there is no workload \(name); --list prints their names")
            }
            workloads.append(workload)
        }
    }

    private static func count(_ option: String, _ rest: inout ArraySlice<String>)
        throws(UsageError) -> Int
    {
        let text = try value(option, &rest)
        guard let count = Int(text), count > 0 else {
            throw UsageError("\(option) takes a whole number above 0, not \(text)")
        }
        return count
    }

    private static func value(_ option: String, _ rest: inout ArraySlice<String>)
        throws(UsageError) -> String
    {
        guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
        return value
    }
}

/// A command line that makes no sense.
struct UsageError: Error {
    let message: String
    init(_ message: String) { self.message = message }
}
