SET ANSI_NULLS ON
GO
CREATE TYPE [dbo].[Flag] FROM bit NOT NULL
GO
IF OBJECT_ID('dbo.Order') IS NULL
BEGIN
CREATE TABLE [dbo].[Order](
	[OrderID] [int] IDENTITY(10,5) NOT FOR REPLICATION NOT NULL,
	[Note] [nvarchar](max) NULL,
	[Paid] [dbo].[Flag] CONSTRAINT [DF_p] DEFAULT ((1)),
	[Code] [char](3) COLLATE Latin1_General_CI_AS NOT NULL CONSTRAINT [CK_c] CHECK (([Code]='A' OR [Code]='B')),
	[Due] [datetime2](3) NOT NULL,
	[Total] AS (isnull([OrderID]*(2),(0))),
	[rowguid] [uniqueidentifier] ROWGUIDCOL NOT NULL DEFAULT (newid()),
 CONSTRAINT [PK_Order] PRIMARY KEY CLUSTERED ([OrderID] ASC) WITH (PAD_INDEX = OFF, FILLFACTOR = 80) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
END
GO
CREATE PROCEDURE dbo.p AS
SELECT 1;
CREATE TABLE #t (x int);
SELECT 2
GO
CREATE TABLE dbo.Line (OrderID int NOT NULL, [Line No] tinyint NOT NULL, Price money)
ALTER TABLE [dbo].[Line] WITH CHECK ADD CONSTRAINT [FK] FOREIGN KEY([OrderID]) REFERENCES [dbo].[Order] ([OrderID])
GO
ALTER TABLE dbo.Line ADD CONSTRAINT d DEFAULT (getdate()) FOR Price, CONSTRAINT pk PRIMARY KEY NONCLUSTERED (OrderID, [Line No])
GO
EXEC sp_addextendedproperty N'MS_Description', N'x'
GO
