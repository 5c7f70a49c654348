import AdjointFuzzing
import Foundation

@main struct Fuzz {
    static func main() {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            print(Options.usage)
            exit(64)
        }
        do {
            exit(try run(options) == 0 ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// How many failures there were.
    private static func run(_ options: Options) throws -> Int {
        if options.names.first == "kills" { return try KillRun(options)() }
        if options.names.first == "limits" { return try LimitRun(options)() }
        if options.names.first == "mistakes" { return try MistakeRun(options)() }
        if options.names.first == "save" { try SaveLoop(options).run() }
        var targets: [FuzzTarget] = []
        for name in options.names {
            guard let target = FuzzTarget.named(name) else {
                let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
                throw Failure("there is no reader \(name); the readers are \(names)")
            }
            targets.append(target)
        }
        if targets.isEmpty { targets = FuzzTarget.all }
        let folder = try options.folder ?? FuzzFile.makeFolder()
        defer { if options.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        if options.progress != nil || options.input != nil {
            for target in targets {
                var loop = FuzzLoop(target, options, folder: folder)
                try loop.run()
            }
            return 0
        }
        return try targets.reduce(0) { count, target in
            try count + FuzzRun(target: target, options: options, folder: folder)()
        }
    }
}
