import AdjointFuzzing
import Foundation

/// Ends a process that saves over and over, at random moments, and looks at what it left: the old
/// file or the new one, whole.
struct KillRun {
    let options: Options

    /// Milliseconds after the first save within which the end comes.
    private static let window = 30

    init(_ options: Options) { self.options = options }

    /// How many times something was not as it should be.
    func callAsFunction() throws -> Int {
        var failures = 0
        for format in try SaveFormat.named(options.names.dropFirst()) {
            let folder = try options.folder ?? FuzzFile.makeFolder()
            defer {
                if options.folder == nil { try? FileManager.default.removeItem(atPath: folder) }
            }
            failures += try run(format, folder + "/" + format.name)
        }
        return failures
    }

    private func run(_ format: SaveFormat, _ folder: String) throws -> Int {
        let began = Date()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var random = FuzzRandom(seed: options.seed, input: 0)
        var (next, failures, most, left) = (1, 0, 0, 0)
        for kill in 0..<options.runs {
            try endSaving(format, folder, first: next, after: random.below(1000 * Self.window))
            let strays = try format.strays(in: folder)
            most = max(most, strays.count)
            if !strays.isEmpty { left += 1 }
            do {
                let number = try format.version(in: folder)
                guard number >= next else {
                    throw Failure("\(format.name): version \(number) came back after \(next)")
                }
                next = number + 1
            } catch {
                print("kill \(kill) of seed \(options.seed): \(error)")
                failures += 1
                next += 1000
            }
        }
        // The next save clears away what the ended ones left.
        try format.save(format.version(next), folder + "/" + format.file)
        let strays = try format.strays(in: folder)
        if !strays.isEmpty {
            print("\(format.name): the next save leaves \(strays.joined(separator: ", "))")
            failures += 1
        }
        if try format.version(in: folder) != next { failures += 1 }
        print(
            "\(format.name): \(options.runs) kills, seed \(options.seed): \(failures) failed; "
                + "\(left) left a temporary file, at most \(most) at once"
                + "; " + String(format: "%.1f s", Date().timeIntervalSince(began)))
        return failures
    }

    /// Starts a process that saves, and kills it so many microseconds after its first save.
    private func endSaving(
        _ format: SaveFormat, _ folder: String, first: Int, after microseconds: Int
    ) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["save", format.name, "--folder", folder, "--first", "\(first)"]
        process.standardOutput = output
        try process.run()
        guard !output.fileHandleForReading.availableData.isEmpty else {
            process.waitUntilExit()
            throw Failure("\(format.name): the process that saves ended by itself")
        }
        usleep(UInt32(microseconds))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
