/// The part of a checking program that is the same for every exercise. What it says goes to the
/// standard error, each line marked with a word that the learner's program cannot guess.
enum ExerciseJudge {
    static let source = #"""
        #if canImport(Glibc)
            import Glibc
        #elseif canImport(Musl)
            import Musl
        #else
            import Darwin
        #endif

        struct ExerciseJudge {
            let mark = CommandLine.arguments[1]

            /// Says what is about to be tried, so that a stop in the middle has a name.
            func test(_ name: String, _ body: () -> String?) {
                say("begin", name)
                if let wrong = body() { say("wrong", wrong) } else { say("right", name) }
            }

            /// What differs between what came out and what is right, or nil.
            func differs(
                _ what: String, _ found: Double, _ right: Double, tolerance: Double = 1e-9
            ) -> String? {
                let room = tolerance * max(1, abs(right))
                if abs(found - right) <= room { return nil }
                return "\(what) is \(found), and should be \(right)"
            }

            func end() { say("end", "") }

            private func say(_ verb: String, _ text: String) {
                let oneLine = text.split(separator: "\n").joined(separator: " ")
                let line = "\n\(mark)\t\(verb)\t\(oneLine)\n"
                line.withCString { _ = write(2, $0, strlen($0)) }
            }
        }

        let judge = ExerciseJudge()

        """#
}
