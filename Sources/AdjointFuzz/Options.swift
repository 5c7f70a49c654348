/// The words of the command line.
struct Options {
    var names: [String] = []
    var runs = 10_000
    var seed: UInt64 = 1
    var first = 0
    var input: String?
    var folder: String?
    /// Set in the processes that this program starts: the file that says which input is being read.
    var progress: String?

    /// Mistakes: how many failures are enough, and how many refused calls are made again outside.
    var mostFailures = 20
    var outside: Int?
    var listsUnreached = false
    /// Set in processes that this program starts: every refusal is printed; nothing is caught.
    var isVerbose = false
    var isOutside = false

    static let usage = """
        usage: adjoint-fuzz [READER...] [--runs N] [--seed S] [--first K]
               adjoint-fuzz READER --input FILE
               adjoint-fuzz kills [FORMAT...] [--runs N] [--seed S] [--folder F]
               adjoint-fuzz limits [--folder F]
               adjoint-fuzz mistakes [NAME...] [--runs N] [--seed S] [--first K] [--most F]
               adjoint-fuzz mistakes --compare N [--runs N] [--seed S]

        Gives N files, made by changing small valid ones at random, to each reader (all if none is
        named). kills: ends a process that saves, N times a format, and looks at what it left.
        limits: saves where there is no room, or no permission. mistakes: calls the public functions
        whose names contain NAME with wrong arguments, N calls in all; --unreached 1 lists those that
        never worked; --compare makes N of them again where nothing catches the error.
        """

    /// Nil where the words make no sense.
    init?(_ words: [String]) {
        var words = words[...]
        while let word = words.popFirst() {
            guard word.hasPrefix("--") else {
                names.append(word)
                continue
            }
            guard let value = words.popFirst() else { return nil }
            switch word {
            case "--runs":
                guard let number = Int(value), number > 0 else { return nil }
                runs = number
            case "--seed":
                guard let number = UInt64(value) else { return nil }
                seed = number
            case "--first":
                guard let number = Int(value), number >= 0 else { return nil }
                first = number
            case "--most": mostFailures = Int(value) ?? mostFailures
            case "--compare":
                guard let number = Int(value), number > 0 else { return nil }
                outside = number
            case "--unreached": listsUnreached = true
            case "--verbose": isVerbose = true
            case "--outside": isOutside = true
            case "--input": input = value
            case "--folder": folder = value
            case "--progress": progress = value
            default: return nil
            }
        }
    }
}
