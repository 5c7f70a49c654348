import Adjoint

/// Times the workloads and prints a table, or JSON lines.
@main struct AdjointBench {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == [Startup.childArgument] {
            Startup.unit()
            return
        }
        let options: Options
        do throws(UsageError) { options = try Options(arguments) } catch {
            printError("adjoint-bench: \(error.message)\n\n\(Options.usage)")
            exitProcess(2)
        }
        if options.wantsHelp {
            print(Options.usage)
        } else if options.wantsList {
            for workload in Workload.all { print(workload.name.padded(20) + workload.unit) }
        } else if let units = options.units {
            for workload in options.workloads {
                manualSeed(0)
                let unit = workload.make()
                for _ in 0..<units { unit.step() }
            }
        } else {
            run(options)
        }
    }

    private static func run(_ options: Options) {
        let rival = options.comparesOpenBLAS ? OpenBLAS.load() : nil
        if options.comparesOpenBLAS, rival == nil {
            printError("adjoint-bench: no OpenBLAS here; on Debian: apt-get install libopenblas0")
            exitProcess(1)
        }
        if let rival, !options.asJSON { print(rival.configuration) }
        let report = Report(asJSON: options.asJSON)
        for workload in options.workloads {
            if let rival, let size = workload.squareProduct {
                for line in rival.compare(size, options.runs) { report.add(line) }
            } else {
                report.add(measure(workload, options.runs))
            }
        }
    }

    /// The workload is made, run once untimed, and then `runs` times.
    private static func measure(_ workload: Workload, _ runs: Int) -> Measurement {
        PeakMemory.restart()
        manualSeed(0)
        let unit = workload.make()
        unit.step()
        let count = workload.maximalRuns.map { min($0, runs) } ?? runs
        let times = Times((0..<count).map { _ in seconds(workload.repetitions, unit.step) })
        return Measurement(
            workload: workload.name, times: times, peakBytes: PeakMemory.bytes,
            details: unit.details(count * workload.repetitions))
    }
}
