using Gatehouse.Fuzz;

return FuzzCommand.Run(args);
