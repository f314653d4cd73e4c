// Loaded into the process that a script starts: when the script is killed and can pass on no signal, ask for a clean stop.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"))
process.channel?.unref()
